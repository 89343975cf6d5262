//! A stranger who sends ICE connectivity checks to ports that are not meant for them.
//!
//! The stranger knows no user names or passwords and claims only a role. Depends on
//! [`super::impairment`] for random numbers. Must never send anything but checks.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use tokio::{net::UdpSocket, time::interval};

use super::impairment::Random;

/// A check (RFC 8489 §5: a Binding request) with 24 bytes of attributes; its number follows.
const BEGINNING: [u8; 8] = [0, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42];
/// A user name that does not belong to either side.
const NAME: [u8; 12] = [0, 6, 0, 7, b'x', b'x', b':', b'y', b'y', b'y', b'y', 0];
/// The attributes ICE-CONTROLLING and ICE-CONTROLLED (RFC 8445 §7.1.3). A number of eight bytes
/// follows; the larger one wins.
const CLAIMS: [[u8; 4]; 2] = [[0x80, 0x2a, 0, 8], [0x80, 0x29, 0, 8]];
/// The number of rounds. Connecting on one machine takes less time.
const ROUNDS: u8 = 100;
const PAUSE: Duration = Duration::from_millis(3);

/// Sends checks with both claims to these addresses for a while, from an address of this host.
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
            // The port may have no listener yet.
            drop(socket.send_to(&check, address).await);
        }
    }
}
