use super::View;
use crate::invariants::Findings;

/// 18, its second half: a failing message changes nothing.
pub(super) fn changes_nothing(view: &View<'_>, findings: &mut Findings) {
    let unchanged = view.step.before.same_as(&view.step.after);
    findings.check(18, unchanged, || {
        format!("{}, failed and left traces", view.described())
    });
}

/// 18, a corollary: when a message has ended, the vault takes the next one.
pub(super) fn leaves_no_lock(view: &View<'_>, findings: &mut Findings) {
    findings.check(18, !view.ledger.locked, || {
        format!("{}, and the vault stayed locked", view.described())
    });
}
