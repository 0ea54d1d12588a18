//! Thinning out long series, so that a report of ten thousand steps is no larger than one of six
//! hundred.

/// The most points of one line.
pub const MAX_POINTS: usize = 600;
/// The most points that a pointer can be held over.
pub const MAX_HOVER: usize = 300;

/// The points of a line in pieces without gaps: row and value, at most about `limit` of them.
///
/// Where rows are more than that, every bucket of rows keeps its lowest and its highest value, so
/// that no spike is lost.
pub fn thin(values: &[Option<f64>], limit: usize) -> Vec<Vec<(usize, f64)>> {
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    let bucket = if values.len() <= limit {
        1
    } else {
        values.len().div_ceil((limit / 2).max(1))
    };
    let mut pieces = vec![Vec::new()];
    for (at, rows) in values.chunks(bucket).enumerate() {
        let figures = || {
            rows.iter()
                .enumerate()
                .filter_map(|(row, v)| Some((row, finite(v)?)))
        };
        let lowest = figures().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = figures().max_by(|a, b| a.1.total_cmp(&b.1));
        let (Some(lowest), Some(highest)) = (lowest, highest) else {
            pieces.push(Vec::new());
            continue;
        };
        let (first, second) = if lowest.0 <= highest.0 {
            (lowest, highest)
        } else {
            (highest, lowest)
        };
        if let Some(piece) = pieces.last_mut() {
            piece.push((at * bucket + first.0, first.1));
            if second.0 != first.0 {
                piece.push((at * bucket + second.0, second.1));
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Rows at equal distances, the last one included, at most about `limit` of them.
pub fn rows(count: usize, limit: usize) -> Vec<usize> {
    let step = count.div_ceil(limit.max(1)).max(1);
    let mut rows: Vec<usize> = (0..count).step_by(step).collect();
    if let Some(last) = count
        .checked_sub(1)
        .filter(|last| rows.last() != Some(last))
    {
        rows.push(last);
    }
    rows
}
