//! Parts of an object, and what addresses name.

use super::*;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;

/// Bytes that tell where they stand.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7 + at / 1000) as u8).collect()
}

fn object(bytes: &[u8]) -> Object {
    let (store, key) = (InMemory::new(), Key::from("apps/a.apk"));
    runtime().expect("runtime").block_on(store.put(&key, bytes.to_vec().into())).expect("stored");
    Object { store: Arc::new(store), key, tag: None }
}

fn remote(bytes: &[u8]) -> Remote {
    let mut object = object(bytes);
    let (tail, length) = runtime().expect("runtime").block_on(object.tail()).expect("tail");
    let start = length - tail.len() as u64;
    Remote::new(object, length, start, tail)
}

fn check(remote: &Remote, bytes: &[u8], at: usize, count: usize) {
    let mut buffer = vec![0; count];
    let got = remote.read_at(at as u64, &mut buffer).expect("read");
    let end = (at + count).min(bytes.len());
    assert_eq!(got, end.saturating_sub(at), "{at} {count}");
    assert!(buffer[..got] == bytes[at.min(end)..end], "{at} {count}");
}

#[test]
fn parts_are_those_of_the_object() {
    let bytes = content(3 << 20);
    let remote = remote(&bytes);
    assert_eq!(remote.len(), bytes.len() as u64);
    remote.foresee(vec![100_000..900_000, 10..20, 800_000..1_000_000]).expect("fetched");
    let held: usize = remote.pieces().iter().map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(held as u64, TAIL + 1_000_000 - 10, "near ranges are one");
    for (at, count) in [(0, 4), (10, 10), (99_990, 100), (999_999, 200_000), (2_000_000, 1_500_000), (5 << 20, 3)] {
        check(&remote, &bytes, at, count);
    }
    assert!(remote.whole.get().is_none());
}

#[test]
fn an_object_of_which_most_is_wanted_is_fetched_whole() {
    let bytes = content(2 << 20);
    let remote = remote(&bytes);
    remote.foresee(vec![0..1_800_000, 7..7]).expect("fetched");
    assert!(remote.whole.get().is_some());
    check(&remote, &bytes, 5, 2 << 20);
    let lying = self::remote(&bytes);
    lying.foresee(vec![0..u64::MAX, 7..7]).expect("what lies outside is left out");
    assert_eq!(lying.pieces().len(), 1);
}

#[test]
fn an_object_that_changes_is_noticed() {
    let bytes = content(2 << 20);
    let remote = remote(&bytes);
    let put = remote.object.store.put(&remote.object.key, content(2 << 20).into());
    runtime().expect("runtime").block_on(put).expect("stored anew");
    assert!(remote.foresee(vec![0..100, 7..7]).is_err());
    assert!(remote.read_at(50, &mut [0; 4]).is_err());
    assert!(remote.trouble().over(Ok(())).is_err(), "what cannot be fetched is no damage of the app");
}

#[test]
fn addresses_are_understood() {
    for wrong in ["s3://bucket", "s3:///key", "https://host/", "s3://b//x", "hdfs://name/a.apk"] {
        let error = Object::at(wrong).expect_err(wrong).downcast::<Error>().expect("our own words");
        assert!(!error.help.en.is_empty(), "{wrong}: {error:?}");
    }
    assert_eq!(split_query("a/b.apk?sig=1&x=2#part"), ("a/b.apk", "?sig=1&x=2".to_owned()));
    assert_eq!(split_query("a/b.apk#part"), ("a/b.apk", String::new()));
    let key = |address| Object::at(address).expect("an object").key.to_string();
    assert_eq!(key("https://host/a%20b/c.apk?sig=1"), "a b/c.apk");
}

#[test]
fn neighbours_are_fetched_together() {
    let far = 10 * GAP;
    assert_eq!(together(vec![far..far + 5, 3..9, 0..4, 9 + GAP..20 + GAP, 7..7]), [0..20 + GAP, far..far + 5]);
    assert_eq!(together(vec![]), [0..0; 0]);
}
