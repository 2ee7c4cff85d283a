//! What holds for any bytes, however they are cut.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Bytes cut into pieces at the given places.
fn cut(bytes: &[u8], places: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place.index(bytes.len() + 1))
        .collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| bytes[pair[0]..pair[1]].to_vec())
        .collect()
}

/// Frames of every type, with any content.
fn any_frames() -> impl Strategy<Value = Vec<u8>> {
    let one = (0_u8..12, any::<u8>(), 0_u32..6, vec(any::<u8>(), 0..64))
        .prop_map(|(kind, flags, stream, payload)| frame(kind, flags, stream, &payload));
    vec(one, 0..24).prop_map(|frames| frames.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(garbage in vec(any::<u8>(), 0..512)) {
        let mut witness = Witness::default();
        for direction in [ToServer, ToClient] {
            for frame in witness.saw(direction, &garbage) {
                let _ = describe(&frame);
            }
        }
    }

    #[test]
    fn no_frames_make_it_panic(frames in any_frames()) {
        let mut witness = Witness::default();
        witness.saw(ToServer, PREFACE);
        for direction in [ToServer, ToClient, ToServer] {
            for frame in witness.saw(direction, &frames) {
                let _ = describe(&frame);
            }
            let _: Vec<String> = witness.connection().streams().map(|(_, stream)| stream.to_string()).collect();
        }
    }

    #[test]
    fn where_the_bytes_are_cut_makes_no_difference(
        frames in any_frames(),
        places in vec(any::<prop::sample::Index>(), 0..16),
    ) {
        let bytes = [PREFACE.to_vec(), frames].concat();
        let whole = Decoder::new(ToServer).push(&bytes);
        let mut decoder = Decoder::new(ToServer);
        let pieces: Vec<Frame> = cut(&bytes, &places).iter().flat_map(|piece| decoder.push(piece)).collect();
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn messages_are_counted_however_frames_cut_them(
        lengths in vec(any::<u8>(), 0..12),
        places in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes: Vec<u8> = lengths.iter().flat_map(|length| message(*length)).collect();
        let frames: Vec<u8> = cut(&bytes, &places).iter().flat_map(|part| frame(0, 0, 1, part)).collect();
        let mut witness = Witness::default();
        let request = frame(1, 0x4, 1, &[0x82, 0x86, 0x84]);
        witness.saw(ToServer, &[PREFACE.to_vec(), request].concat());
        witness.saw(ToClient, &frame(1, 0x4, 1, &[0x88]));
        witness.saw(ToClient, &frames);
        let counted = witness.connection().streams().map(|(_, stream)| stream.response.messages).sum::<u64>();
        prop_assert_eq!(counted, u64::try_from(lengths.len()).expect("few"));
    }
}
