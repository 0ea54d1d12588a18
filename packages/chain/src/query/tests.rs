use serde_json::{Value, json};

use super::*;
use crate::endpoints::Aside;
use crate::fake::{Answer, Asked, client, queried};

fn answer(key: &[u8]) -> Option<PageResponse> {
    Some(PageResponse {
        next_key: key.to_vec(),
        total: 0,
    })
}

#[test]
fn pages_end() {
    let mut pages = Pages::new(CODES);
    assert_eq!(pages.next().unwrap().key, b"");
    pages.follow(answer(b"b")).unwrap();
    assert_eq!(pages.next().unwrap().key, b"b");
    pages.follow(None).unwrap();
    assert!(pages.next().is_none());
}

/// One that always named a next page was asked for ever.
#[test]
fn a_list_without_end_is_refused() {
    let mut circle = Pages::new(CODES);
    for key in [b"a", b"b"] {
        circle.next();
        circle.follow(answer(key)).unwrap();
    }
    circle.next();
    assert!(circle.follow(answer(b"a")).is_err());

    let mut endless = Pages::new(CODES);
    let asked = (1..=u64::MAX).position(|number| {
        endless.next();
        endless.follow(answer(&number.to_be_bytes())).is_err()
    });
    assert_eq!(asked, Some(PAGES - 1));
}

fn record(_: &Asked) -> Option<Result<Value, &'static str>> {
    let answer = QueryRawContractStateResponse {
        data: b"settings".to_vec(),
    };
    Some(Ok(queried(&answer.encode_to_vec())))
}

fn refuses(_: &Asked) -> Option<Result<Value, &'static str>> {
    let mut refused = queried(&[]);
    refused["response"]["code"] = json!(38);
    Some(Ok(refused))
}

fn garbles(_: &Asked) -> Option<Result<Value, &'static str>> {
    Some(Ok(queried(&[0xff; 9])))
}

/// An endpoint that answered nonsense answered everything: that it answered was good enough.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_endpoint_says_that_cannot_be_is_asked_of_another_one() {
    for bad in [refuses as Answer, garbles, |_| Some(Err("busy"))] {
        let both = client(&[bad, record]);
        let value = both.raw("vault", b"config").await.unwrap();
        assert_eq!(value.as_deref(), Some(&b"settings"[..]));
        let health = both.endpoints();
        let aside = &health[0].aside;
        assert!(matches!(aside, Some(Aside::Contradicted(_))), "{aside:?}");
        assert!(health[1].is_current && health[1].aside.is_none());
        // Of both, nobody knows better, and nobody is set aside.
        let worse = client(&[bad, bad]);
        let error = worse.raw("vault", b"config").await.unwrap_err();
        let is_told = matches!(error, ChainError::Refused(_) | ChainError::Malformed { .. });
        assert!(is_told, "{error}");
        assert!(worse.endpoints().iter().all(|one| one.aside.is_none()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_alone_and_the_others_first_can_be_asked() {
    let both = client(&[refuses, record]);
    let [bad, good] = &both.each()[..] else {
        panic!("two endpoints");
    };
    bad.raw("vault", b"config").await.unwrap_err();
    good.raw("vault", b"config").await.unwrap();
    let other = both.others_first();
    other.raw("vault", b"config").await.unwrap();
    // Nothing has changed by that.
    assert!(both.endpoints()[0].is_current && both.endpoints()[0].aside.is_none());
    bad.doubt("words");
    assert_eq!(both.each().len(), 1);
    assert!(both.endpoints()[0].aside.is_some());
}
