use serde::{Deserialize, Serialize};

use super::GovernanceError;

/// A guardian can stop something for this many seconds (72 h) …
pub const BRAKE_LENGTH: u64 = 72 * 3600;

/// … and then not again for this many (7 days).
pub const BRAKE_COOLDOWN: u64 = 7 * 86_400;

/// Something that a guardian can stop for a while.
///
/// A brake lasts for [`BRAKE_LENGTH`] from when it was first pulled. Released early, it can
/// be pulled again until that same end; after it, not for [`BRAKE_COOLDOWN`].
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brake {
    /// When it was first pulled, in seconds; none if never.
    pulled_at: Option<u64>,
    /// Whether it was released before its end.
    released: bool,
}

impl Brake {
    /// Until when things stand still, if they do at `now`.
    #[must_use]
    pub fn until(&self, now: u64) -> Option<u64> {
        self.end().filter(|end| now < *end && !self.released)
    }

    /// Whether the brake ended within the last [`BRAKE_COOLDOWN`]: what it stopped must not
    /// be stopped by another one either.
    #[must_use]
    pub fn is_cooling_down(&self, now: u64) -> bool {
        self.end()
            .is_some_and(|end| now >= end && now < end.saturating_add(BRAKE_COOLDOWN))
    }

    /// Until when nothing else may stop the same thing: the end of the cooldown of a brake that
    /// was pulled, released or not; none if it rests no more.
    #[must_use]
    pub fn rests_until(&self, now: u64) -> Option<u64> {
        let rested = self.end()?.saturating_add(BRAKE_COOLDOWN);
        (now < rested).then_some(rested)
    }

    /// Pulls the brake; returns when it ends by itself.
    ///
    /// # Errors
    /// [`GovernanceError::CoolingDown`].
    pub fn pull(&mut self, now: u64) -> Result<u64, GovernanceError> {
        match self.rests_until(now) {
            Some(until) if self.is_cooling_down(now) => {
                return Err(GovernanceError::CoolingDown { until, now });
            }
            Some(_) => {}
            None => self.pulled_at = Some(now),
        }
        self.released = false;
        Ok(self.end().unwrap_or(now))
    }

    /// Releases the brake before its end.
    pub fn release(&mut self) {
        self.released = true;
    }

    fn end(&self) -> Option<u64> {
        self.pulled_at
            .map(|pulled_at| pulled_at.saturating_add(BRAKE_LENGTH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brake_ends_by_itself_and_rests_for_a_week() {
        let mut brake = Brake::default();
        assert_eq!(brake.until(0), None);
        let end = brake.pull(1_000).unwrap();
        assert_eq!(end, 1_000 + BRAKE_LENGTH);
        assert_eq!(brake.until(end - 1), Some(end));
        assert_eq!(brake.until(end), None);
        let again = end + BRAKE_COOLDOWN;
        assert_eq!(
            brake.pull(again - 1),
            Err(GovernanceError::CoolingDown {
                until: again,
                now: again - 1
            })
        );
        assert!(brake.pull(again).is_ok());
    }

    #[test]
    fn releasing_and_pulling_again_does_not_make_it_longer() {
        let mut brake = Brake::default();
        let end = brake.pull(0).unwrap();
        brake.release();
        assert_eq!(brake.until(10), None);
        assert_eq!(brake.pull(20), Ok(end));
        assert_eq!(brake.until(20), Some(end));
    }
}
