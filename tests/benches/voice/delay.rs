//! The delay that the buffers between network and speaker add, and how soon they adapt to the
//! network.

use std::time::Duration;

use rtvi_tests::acoustics::voice;

use super::line::{Network, call};
use crate::figure::Figure;

const CLEAN: Network = Network { loss: 0.0, burst: None, jitter: Duration::ZERO, seed: 11, round_trip: None };
const JITTERY: Network = Network { jitter: Duration::from_millis(100), ..CLEAN };
/// In packets: 10 s, and a second.
const CHANGE: usize = 500;
const SECOND: usize = 50;

/// Measures it.
pub(crate) fn run() {
    let sound = voice(1, 48_000, 30);
    let clean = call(&sound, false, |_| CLEAN);
    Figure::low("voice-delay-clean", mean(&clean.delays[SECOND..CHANGE]), "ms").goal(40.0).print();
    let changing =
        call(&sound, false, |number| if (CHANGE..2 * CHANGE).contains(&number) { JITTERY } else { CLEAN });
    let settled = (CHANGE..2 * CHANGE)
        .rev()
        .find(|at| changing.concealed[*at] > changing.concealed[*at - SECOND / 2] + 1)
        .map_or(0, |last| last - CHANGE);
    Figure::low("voice-delay-adapts", settled as f64 * 0.02, "s").goal(2.0).print();
    Figure::low("voice-delay-jittery", mean(&changing.delays[CHANGE + 3 * SECOND..2 * CHANGE]), "ms").print();
    Figure::low("voice-delay-after", mean(&changing.delays[2 * CHANGE + 5 * SECOND..]), "ms").print();
}

fn mean(delays: &[Duration]) -> f64 {
    delays.iter().map(|delay| delay.as_secs_f64() * 1_000.0).sum::<f64>() / delays.len().max(1) as f64
}
