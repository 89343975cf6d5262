//! Somebody who sends ICE connectivity checks to ports that are not meant for him.
//!
//! He knows no names and no passwords; what he claims is a role. Depends on [`super::impairment`] for its random numbers. Must never
//! send anything but checks.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use tokio::{net::UdpSocket, time::interval};

use super::impairment::Random;

/// A check (RFC 8489 §5: a request of the method Binding) with 24 bytes of attributes; its number follows.
const BEGINNING: [u8; 8] = [0, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42];
/// A user name that is nobody's here.
const NAME: [u8; 12] = [0, 6, 0, 7, b'x', b'x', b':', b'y', b'y', b'y', b'y', 0];
/// The attributes that say "I decide" and "you decide" (RFC 8445 §7.1.3); a number of eight bytes follows, the larger one decides.
const CLAIMS: [[u8; 4]; 2] = [[0x80, 0x2a, 0, 8], [0x80, 0x29, 0, 8]];
/// How long he goes on: connecting on one machine takes less.
const ROUNDS: u8 = 100;
const PAUSE: Duration = Duration::from_millis(3);

/// Sends checks with any claims to these addresses for a while, from an address of this host.
pub(super) async fn check(host: IpAddr, addresses: Vec<SocketAddr>, seed: u64) {
    let socket = UdpSocket::bind((host, 0)).await.expect("there is a free port");
    let (mut random, mut rounds) = (Random(seed), interval(PAUSE));
    for round in 0..ROUNDS {
        rounds.tick().await;
        for address in &addresses {
            let [claim, other] = CLAIMS;
            let claim = if random.next().is_multiple_of(2) { claim } else { other };
            let number = random.next().to_be_bytes();
            let check = [&BEGINNING[..], &[round; 12], &claim, &number, &NAME].concat();
            // Nobody may be there, or not yet.
            drop(socket.send_to(&check, address).await);
        }
    }
}
