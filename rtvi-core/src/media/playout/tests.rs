//! The samples that a speaker gets, pull by pull.

use super::{state::MAX_BUFFERED_BYTES, *};

const SINK: AudioFormat = AudioFormat::mono(16_000);

fn frame(format: AudioFormat, samples: &[i16]) -> AudioFrame {
    AudioFrame::new(format, samples)
}

/// 20 ms in the sink's format.
fn push(playout: &Playout, value: i16) {
    playout.push(frame(SINK, &[value; 320]));
}

/// One tick of 20 ms.
fn pull(playout: &Playout) -> (usize, Vec<i16>) {
    let mut out = vec![99; 320];
    (playout.pull(&mut out, SINK), out)
}

const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[test]
fn silence_when_there_is_nothing() {
    let playout = Playout::default();
    assert_eq!(pull(&playout), (0, vec![0; 320]));
    assert!(!playout.is_playing());
    assert_eq!(playout.stats(), PlayoutStats::default());
}

#[test]
fn begins_with_forty_milliseconds_and_plays_all_in_order() {
    let playout = Playout::default();
    push(&playout, 1);
    assert_eq!(pull(&playout), (0, vec![0; 320]));
    push(&playout, 2);
    push(&playout, 3);
    assert_eq!(playout.buffered(), ms(60));
    for value in 1..=3 {
        assert_eq!(pull(&playout), (320, vec![value; 320]));
        assert!(playout.is_playing());
    }
    assert_eq!(pull(&playout), (0, vec![0; 320]));
    assert!(!playout.is_playing());
    assert_eq!((playout.stats().received, playout.stats().played), (ms(60), ms(60)));
}

#[test]
fn plays_less_when_nothing_more_comes() {
    let playout = Playout::default();
    playout.push(frame(SINK, &[4; 100]));
    for _ in 0..2 {
        assert_eq!(pull(&playout).0, 0);
    }
    let (count, out) = pull(&playout);
    assert_eq!((count, out[99], out[100]), (100, 4, 0));
}

#[test]
fn buffers_again_after_running_dry() {
    let playout = Playout::default();
    (0..3).for_each(|_| push(&playout, 1));
    for _ in 0..4 {
        pull(&playout);
    }
    push(&playout, 2);
    assert_eq!(pull(&playout).0, 0);
    (0..2).for_each(|_| push(&playout, 2));
    assert_eq!(pull(&playout), (320, vec![2; 320]));
}

#[test]
fn jitter_within_the_buffer_is_not_heard() {
    let playout = Playout::default();
    (0..3).for_each(|_| push(&playout, 1));
    for _ in 0..100 {
        assert_eq!(pull(&playout).0, 320);
        assert_eq!(pull(&playout).0, 320);
        push(&playout, 1);
        push(&playout, 1);
    }
}

#[test]
fn resamples_and_mixes_every_frame_and_loses_nothing() {
    let playout = Playout::default();
    let stereo = AudioFormat { sample_rate: 24_000, channels: 2 };
    for _ in 0..50 {
        playout.push(frame(stereo, &[8_000; 960]));
    }
    for _ in 0..50 {
        playout.push(frame(AudioFormat::mono(48_000), &[8_000; 960]));
    }
    let mut heard = Vec::new();
    while let (count, out) = pull(&playout)
        && count > 0
    {
        heard.extend_from_slice(&out[..count]);
    }
    let concealed = SINK.samples_in(playout.stats().concealed);
    assert_eq!(heard.len(), 32_000 + concealed);
    assert_eq!(playout.stats().heard(), Duration::from_secs(2));
    assert!(concealed <= 640, "{concealed}");
    assert!(heard[100..15_800].iter().all(|sample| sample.abs_diff(8_000) < 10));
    assert!(heard[16_200..31_800].iter().all(|sample| sample.abs_diff(8_000) < 10));
    assert!(playout.level() > 0.7);
}

#[test]
fn flush_fades_out_within_five_milliseconds() {
    let playout = Playout::default();
    (0..50).for_each(|_| push(&playout, 10_000));
    assert_eq!(pull(&playout).0, 320);
    playout.flush();
    assert_eq!(playout.buffered(), ms(5));
    let (count, out) = pull(&playout);
    assert_eq!(count, 80);
    let largest = out.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
    assert!(largest < 200 && out[0].abs_diff(10_000) < 200, "{largest}, {}", out[0]);
    assert_eq!(out[80..], [0; 240]);
    assert_eq!(pull(&playout).0, 0);
    let stats = playout.stats();
    assert_eq!((stats.flushed, stats.played), (ms(975), ms(25)));
}

#[test]
fn flush_fades_resampled_audio_too() {
    let playout = Playout::default();
    for _ in 0..20 {
        playout.push(frame(AudioFormat::mono(24_000), &[10_000; 480]));
    }
    pull(&playout);
    let last = *pull(&playout).1.last().unwrap();
    playout.flush();
    let (count, out) = pull(&playout);
    assert_eq!(count, 80);
    let largest =
        [last].iter().chain(&out).collect::<Vec<_>>().windows(2).map(|p| p[0].abs_diff(*p[1])).max();
    assert!(largest.unwrap() < 300, "{largest:?}");
}

#[test]
fn audio_after_a_flush_is_played_behind_the_fade() {
    let playout = Playout::default();
    (0..10).for_each(|_| push(&playout, 10_000));
    pull(&playout);
    playout.flush();
    (0..3).for_each(|_| push(&playout, 7));
    let (count, out) = pull(&playout);
    assert_eq!((count, out[80], out[319]), (320, 7, 7));
}

#[test]
fn what_is_left_of_a_fade_can_be_dropped_and_nothing_else() {
    let playout = Playout::default();
    let fill = || (0..10).for_each(|_| push(&playout, 10_000));
    fill();
    pull(&playout);
    playout.flush();
    let mut out = [0; 40];
    assert_eq!(playout.pull(&mut out, SINK), 40);
    (0..3).for_each(|_| push(&playout, 7));
    playout.drop_fade();
    let half = Duration::from_micros(2_500);
    let stats = playout.stats();
    assert_eq!((stats.flushed, stats.played, playout.buffered()), (ms(180) - half, ms(20) + half, ms(60)));
    playout.drop_fade();
    let (count, out) = pull(&playout);
    assert_eq!((count, out), (320, vec![7; 320]));
}

#[test]
fn flush_before_playing_drops_all() {
    let playout = Playout::default();
    playout.flush();
    push(&playout, 5);
    playout.flush();
    assert_eq!((playout.buffered(), playout.stats().flushed), (Duration::ZERO, ms(20)));
    assert_eq!(pull(&playout).0, 0);
    push(&playout, 5);
    pull(&playout);
    playout.flush();
    for _ in 0..10 {
        assert_eq!(pull(&playout).0, 0);
    }
}

#[test]
fn drops_the_newest_beyond_ten_minutes() {
    let playout = Playout::default();
    let second = frame(AudioFormat::mono(8_000), &[3; 8_000]);
    for _ in 0..605 {
        playout.push(second.clone());
    }
    assert_eq!((playout.buffered(), playout.stats().dropped), (MAX_BUFFERED, Duration::from_secs(5)));
    assert!(playout.is_full() && playout.stats().dropped_frames == 5);
    assert_eq!(playout.stats().received, Duration::from_secs(605));
}

#[test]
fn memory_is_bounded_for_tiny_and_for_rich_frames() {
    let playout = Playout::default();
    let tiny = frame(AudioFormat::mono(384_000), &[3]);
    for _ in 0..1_000_000 {
        playout.push(tiny.clone());
    }
    assert!(playout.state().queue.len() * size_of::<AudioFrame>() <= MAX_BUFFERED_BYTES);
    assert!(playout.stats().dropped > Duration::ZERO);
    playout.flush();
    let rich = frame(AudioFormat { sample_rate: 384_000, channels: 8 }, &vec![0; 3_072_000]);
    for _ in 0..10 {
        playout.push(rich.clone());
    }
    assert_eq!(playout.buffered(), Duration::from_secs(5));
}

#[test]
fn malformed_frames_are_counted_and_do_no_harm() {
    let playout = Playout::default();
    let push_bytes = |(sample_rate, channels, pcm): (u32, u16, &[u8])| {
        playout.push_le_bytes(AudioFormat { sample_rate, channels }, pcm);
    };
    for bad in [
        (16_000, 1, &[1][..]),
        (16_000, 2, &[1, 2]),
        (16_000, 0, &[1, 2]),
        (0, 1, &[1, 2]),
        (u32::MAX, 1, &[1, 2]),
        (16_000, u16::MAX, &[]),
    ] {
        push_bytes(bad);
    }
    push_bytes((16_000, 1, &[]));
    assert_eq!(playout.stats(), PlayoutStats { malformed: 6, ..PlayoutStats::default() });
    assert_eq!(playout.buffered(), Duration::ZERO);
    (0..3).for_each(|_| push(&playout, 5));
    assert_eq!(pull(&playout), (320, vec![5; 320]));
}

#[test]
fn a_sink_with_an_impossible_format_gets_silence() {
    let playout = Playout::default();
    (0..5).for_each(|_| push(&playout, 5));
    for channels in [0, u16::MAX] {
        let mut out = [9; 8];
        assert_eq!(playout.pull(&mut out, AudioFormat { sample_rate: 16_000, channels }), 0);
        assert_eq!(out, [0; 8]);
        playout.flush();
    }
    assert_eq!(playout.pull(&mut [], SINK), 0);
}

#[test]
fn the_sink_may_change_its_format() {
    let playout = Playout::default();
    (0..10).for_each(|_| push(&playout, 5));
    pull(&playout);
    let mut out = vec![0; 1_764];
    assert_eq!(playout.pull(&mut out, AudioFormat { sample_rate: 44_100, channels: 2 }), 1_764);
    assert!(out[200..].iter().all(|sample| sample.abs_diff(5) <= 1));
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_accounted_for(
        steps in proptest::collection::vec((0u8..10, 0usize..4, 1u16..4, 0usize..3_000), 0..60),
    ) {
        let rates = [300, 16_000, 24_000, 48_000];
        let playout = Playout::default();
        let mut slack = ms(15);
        for (what, rate, channels, count) in steps {
            let sample_rate = rates[rate];
            match what {
                0 => playout.flush(),
                1..=4 => assert!(playout.pull(&mut vec![0; count], SINK) <= count),
                _ => playout.push(frame(AudioFormat { sample_rate, channels }, &vec![100; count])),
            }
            slack += ms(if what == 0 || what > 4 { 15 } else { 0 });
        }
        let stats = playout.stats();
        let sum = stats.played + stats.dropped + stats.flushed + playout.buffered();
        assert!((stats.received + stats.concealed).abs_diff(sum) < slack, "{stats:?}, {:?}", playout.buffered());
        let mut pulls = 0;
        while playout.is_playing() || playout.buffered() > Duration::ZERO {
            pull(&playout);
            pulls += 1;
            assert!(pulls < 10_000, "never ends: {:?}", playout.stats());
        }
    }
}

/// 20 ms of a voice's tone.
fn voice(number: usize) -> AudioFrame {
    let step = std::f32::consts::TAU * 200.0 / 16_000.0;
    let samples: Vec<i16> =
        (number * 320..(number + 1) * 320).map(|i| ((i as f32 * step).sin() * 9_000.0) as i16).collect();
    frame(SINK, &samples)
}

#[test]
fn a_voice_that_breaks_off_does_not_click_and_more_is_held_back_after_it() {
    let playout = Playout::default();
    (0..5).for_each(|number| playout.push(voice(number)));
    let mut heard: Vec<i16> = (0..12).flat_map(|_| pull(&playout).1).collect();
    assert_eq!((playout.stats().gaps, playout.stats().heard()), (1, ms(100)));
    let largest = heard.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
    assert!(largest < 1_500, "{largest}");
    assert_eq!(heard[3_000], 0, "then there is silence");
    (5..30).for_each(|number| playout.push(voice(number)));
    heard.extend(pull(&playout).1);
    assert!(playout.target_delay() >= ms(120), "{:?}", playout.target_delay());
}

#[test]
fn speech_is_expanded_while_more_is_on_its_way() {
    let playout = Playout::default();
    (0..2).for_each(|number| playout.push(voice(number)));
    let heard: Vec<i16> = (0..2).flat_map(|_| pull(&playout).1).collect();
    assert!(playout.buffered() >= ms(5), "{:?}", playout.buffered());
    let largest = heard.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
    assert!(largest < 1_000, "{largest}");
    assert_eq!(playout.stats().gaps, 0);
}

#[test]
fn the_end_of_silence_is_not_concealed() {
    let playout = Playout::default();
    (0..3).for_each(|_| push(&playout, 50));
    (0..10).for_each(|_| drop(pull(&playout)));
    let stats = playout.stats();
    assert_eq!((stats.gaps, stats.concealed, playout.target_delay()), (0, Duration::ZERO, ms(40)));
}

#[test]
fn options_are_obeyed() {
    let options =
        PlayoutOptions { target_delay: ms(100), fade: ms(10), gain: 0.5, ..PlayoutOptions::default() };
    let playout = Playout::new(options);
    (0..4).for_each(|_| push(&playout, 10_000));
    assert_eq!(pull(&playout).0, 0);
    (0..10).for_each(|_| push(&playout, 10_000));
    assert_eq!(pull(&playout), (320, vec![5_000; 320]));
    playout.flush();
    assert_eq!(playout.buffered(), ms(10));
    pull(&playout);
    (0..10).for_each(|_| push(&playout, 10_000));
    pull(&playout);
    playout.flush_within(ms(1));
    assert_eq!(playout.buffered(), ms(1));
    playout.set_gain(1.0);
    playout.set_ducking(0.0);
    (0..10).for_each(|_| push(&playout, 10_000));
    pull(&playout);
    assert_eq!(pull(&playout).1, [0; 320]);
}
