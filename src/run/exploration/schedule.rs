//! Reads the events and their order from bytes, so that proptest can make schedules and shrink them.

use super::errand::Kind;
use super::page::TIMERS;
use super::server::{Luck, Piece, Said, Server};
use super::world::World;
use crate::error::{Error, ErrorKind};
use crate::run::{By, Fact, Limits, Transport, Via};

/// What runs of the server send. In an event stream `end` comes last and once; over Socket.IO it comes after each call of a model.
const SCRIPTS: [&[Said]; 8] = [
    &[Said::Token],
    &[],
    &[Said::Token, Said::Token, Said::Metadata],
    &[Said::Token, Said::End, Said::Docs],
    &[
        Said::Token,
        Said::End,
        Said::Token,
        Said::End,
        Said::Docs,
        Said::Metadata,
    ],
    &[Said::Metadata],
    &[Said::Token, Said::Error],
    &[Said::Abort],
];

const LIMITS: [Limits; 4] = [
    limits(20_000, 60_000, 300_000, 0),
    limits(0, 0, 0, 0),
    limits(100, 50, 40, 0),
    limits(100, 50, 40, 120),
];

const fn limits(connect: u32, first_byte: u32, idle: u32, total: u32) -> Limits {
    Limits {
        connect,
        first_byte,
        idle,
        total,
    }
}

const VIAS: [Via; 5] = [
    Via::Socket(0),
    Via::Socket(1),
    Via::Own(Transport::EventStream),
    Via::Own(Transport::Auto),
    Via::Own(Transport::SocketIo),
];

/// The maximum number of runs at a time.
const MOST: usize = 6;

struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    /// A number below this one; 0 when the bytes are used up.
    fn pick(&mut self, of: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % of
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.pick(of.len())])
    }

    fn yes(&mut self) -> bool {
        self.pick(2) == 1
    }

    fn rarely(&mut self) -> bool {
        self.pick(8) == 7
    }
}

/// Runs a schedule until all its runs have ended, and asserts the rules on the way.
pub(super) fn run(bytes: &[u8]) {
    let mut choices = Choices(bytes.iter());
    let kind = choices.pick(16);
    let server = Server::new(kind & 1 > 0, kind & 2 == 0, kind & 4 > 0);
    let mut world = World::new(server, kind & 8 > 0);
    // a question at least
    ask(&mut world, &mut choices);
    while !choices.0.as_slice().is_empty() {
        act(&mut world, &mut choices);
        world.flush();
    }
    drain(&mut world);
    world.check_that_nothing_is_left();
}

fn ask(world: &mut World, choices: &mut Choices<'_>) {
    let via = VIAS[choices.pick(VIAS.len())];
    let limits = LIMITS[choices.pick(LIMITS.len())];
    let conversation = choices.pick(3);
    if choices.rarely() {
        let kind = Kind::ALL[choices.pick(Kind::ALL.len())];
        return world.call(kind, conversation, limits);
    }
    world.ask(via, conversation, limits, choices.yes());
}

fn act(world: &mut World, choices: &mut Choices<'_>) {
    match choices.pick(32) {
        0..=3 => {
            if world.pages.iter().filter(|page| !page.is_settled()).count() < MOST {
                ask(world, choices);
            }
            return;
        }
        4 => return stop(world, choices),
        _ => world.begin(),
    }
    match choices.pick(32) {
        0..=6 => {
            if let Some(request) = choices.one(&unserved(world)) {
                let luck = if choices.rarely() {
                    Luck::ALL[choices.pick(Luck::ALL.len())]
                } else {
                    Luck::Served
                };
                let script = SCRIPTS[choices.pick(SCRIPTS.len())];
                let fails = choices.rarely();
                world.server.serve(request, luck, script, fails);
            }
        }
        7..=11 => {
            if world.server.running() > 0 {
                let which = choices.pick(world.server.running());
                let early = choices.rarely();
                world.server.advance(which, world.now, early);
            }
        }
        12..=16 => {
            if let Some(run) = choices.one(&readable(world)) {
                world.receive(run);
            }
        }
        17..=18 => {
            let hearing: Vec<_> = (0..world.sockets.len())
                .filter(|socket| world.has_events(*socket))
                .collect();
            if let Some(socket) = choices.one(&hearing) {
                world.hear(socket);
            }
        }
        19..=21 => time(world, choices),
        22..=24 => {
            if let Some(socket) = choices.one(&connecting(world)) {
                connect(world, socket, choices.pick(16));
            }
        }
        25 => socket_trouble(world, choices),
        26 => {
            if world.server.is_up {
                world.server.kill();
                for socket in 0..world.sockets.len() {
                    if world.sockets[socket].connection.is_some() {
                        world.disconnect(socket, None, By::Network);
                    }
                }
            }
            if choices.yes() {
                world.server.is_up = true;
                world.server.speaks_socket_io ^= choices.yes();
                world.server.streams ^= choices.rarely();
            }
        }
        27 => {
            if let Some(request) = choices.one(&open(world)) {
                world.server.cut(request);
            }
        }
        28 => {
            let run = choices.pick(world.pages.len());
            world.pages[run].is_paused ^= true;
        }
        29 => world.server.is_closed ^= true,
        30 => world.unsendable = choices.rarely(),
        _ => stop(world, choices),
    }
}

fn stop(world: &mut World, choices: &mut Choices<'_>) {
    let running: Vec<_> = (0..world.pages.len())
        .filter(|run| !world.pages[*run].is_settled())
        .collect();
    if let Some(run) = choices.one(&running) {
        world.tell(run, Fact::Stopped);
    }
}

fn connect(world: &mut World, socket: usize, luck: usize) {
    let cannot = world.sockets[socket].is_own() && !world.server.speaks_socket_io;
    let is_blocked = world.server.is_closed && !world.server.speaks_socket_io;
    if luck < 14 && world.server.is_up && !cannot && !is_blocked {
        world.connected(socket);
    } else {
        let last = luck == 15;
        let error = Error::new(ErrorKind::Connect, "cannot connect");
        world.sockets[socket].is_active = !last;
        world.tell_all(socket, None, &Fact::Refused { error, last });
    }
}

fn socket_trouble(world: &mut World, choices: &mut Choices<'_>) {
    let socket = choices.pick(world.sockets.len());
    let ours = !world.sockets[socket].is_own();
    if ours && !world.sockets[socket].is_active {
        // the page calls `connect()`
        world.sockets[socket].is_active = true;
        return;
    }
    if !world.sockets[socket].is_active {
        return;
    }
    let is_connected = world.sockets[socket].connection.is_some();
    match choices.pick(3) {
        0 if ours => world.disconnect(socket, None, By::Page),
        1 if is_connected && world.server.speaks_socket_io => {
            world.disconnect(socket, None, By::Server);
        }
        _ if is_connected => world.disconnect(socket, None, By::Network),
        _ => {}
    }
}

fn time(world: &mut World, choices: &mut Choices<'_>) {
    let mut due = Vec::new();
    for page in &world.pages {
        for (slot, timer) in TIMERS.into_iter().enumerate() {
            if page.timers[slot].is_some_and(|at| at <= world.now) {
                due.push((page.number, slot, timer));
            }
        }
    }
    match choices.one(&due) {
        Some((run, slot, timer)) => {
            world.pages[run].timers[slot] = None;
            world.tell(run, Fact::Elapsed(timer));
        }
        None => world.pass_time(),
    }
}

fn requests(world: &World, fits: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..world.server.requests.len())
        .filter(|at| fits(*at))
        .collect()
}

fn unserved(world: &World) -> Vec<usize> {
    requests(world, |at| {
        let request = &world.server.requests[at];
        // a request that was cancelled on its way may still arrive
        !request.is_served
    })
}

fn open(world: &World) -> Vec<usize> {
    requests(world, |at| !world.server.requests[at].is_given_up)
}

fn readable(world: &World) -> Vec<usize> {
    let readable = world.pages.iter().filter(|page| {
        page.request.is_some_and(|request| {
            let has_pieces = !world.server.requests[request].pieces.is_empty();
            page.end_is_due || (has_pieces && !page.is_paused)
        })
    });
    readable.map(|page| page.number).collect()
}

fn connecting(world: &World) -> Vec<usize> {
    (0..world.sockets.len())
        .filter(|at| world.sockets[*at].is_active && world.sockets[*at].connection.is_none())
        .collect()
}

/// The world answers until all runs have ended.
fn drain(world: &mut World) {
    for _ in 0..4000 {
        world.begin();
        world.flush();
        if world.pages.iter().all(|page| page.is_settled()) {
            return;
        }
        world.server.is_up = true;
        world.server.is_closed = false;
        for page in &mut world.pages {
            page.is_paused = false;
        }
        let hearing = (0..world.sockets.len()).find(|socket| world.has_events(*socket));
        let unserved = unserved(world);
        let given = &world.server.requests;
        let served = unserved.iter().find(|at| !given[**at].is_given_up);
        if let Some(request) = served {
            world
                .server
                .serve(*request, Luck::Served, SCRIPTS[0], false);
        } else if world.server.running() > 0 {
            world.server.advance(0, world.now, false);
        } else if let Some(run) = readable(world).first() {
            world.receive(*run);
        } else if let Some(socket) = hearing {
            world.hear(socket);
        } else if let Some(socket) = connecting(world).first() {
            world.server.speaks_socket_io |= world.sockets[*socket].is_own();
            connect(world, *socket, 0);
        } else if world.next_deadline().is_some() {
            time(world, &mut Choices([].iter()));
        } else {
            // a request that hangs breaks in the end
            for request in &mut world.server.requests {
                if !request.is_given_up && request.pieces.is_empty() {
                    request.pieces.push_back(Piece::Break);
                }
            }
        }
    }
}
