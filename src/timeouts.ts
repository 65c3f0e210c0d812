/**
 * Every timeout of the driver, in milliseconds, in one table. They run on the host's clock.
 */

export const TIMEOUTS = {
  usb: {
    /** Look at the bus where nothing tells of changes: they are seen within 1 s. */
    poll: 800,
    /** Where the kernel tells of them: the second look after a sign, and the looks without one. */
    afterSign: 20,
    unasked: 20_000,
    /** Look at the bus while somebody waits for a stick. */
    eagerPoll: 200,
    /** Open and claim are retried this long: permissions and drivers settle late after an enumeration. */
    openRetry: 5_000,
    openRetryPause: 250,
    /** CBW out and CSW in; usb_modeswitch's own figure. */
    bulk: 3_000,
    /** A look at the bus goes on without a device's strings (and such) when the kernel keeps them back for longer. */
    strings: 300,
    /** The system's own usb_modeswitch: two messages with 3 s for each transfer, and its start. */
    tool: 20_000,
  },
  fetch: {
    /** From the request to the answer's first line, redirects included. */
    answer: 30_000,
    /** No byte of a file for this long = the server is gone. */
    silence: 30_000,
    /** A whole file; 200 MB at 1 Mbit/s. */
    total: 1_800_000,
  },
  power: {
    /** systemd answers at once or not at all; a job does not wait for it. */
    inhibit: 2_000,
  },
  modeswitch: {
    /** From the message to the stick's return in another mode; 0.4 to 5 s seen, the dispatcher waits 20 s. */
    reenumerate: 20_000,
    /** In an add-on, where the system around it switches in its own time, which on a busy small machine takes longer than ours. */
    outside: 10_000,
    /** From a request to leave HiLink mode to the return with serial ports. */
    leave: 30_000,
    /** From the return to the last tty of the stick; some interfaces never get one. */
    ttys: 4_000,
    /** As long as there is none at all: a small machine loads the driver from a slow card first. */
    firstTty: 15_000,
    /** From the request for another configuration to its interfaces on the bus: the kernel makes them at once. */
    configuration: 5_000,
  },
  bootrom: {
    /** One answer byte. */
    answer: 3_000,
    /** Quiet time after a packet had to be repeated, in which its late first answer is thrown away. */
    settle: 500,
    /** A line that does not become quiet within this will not. */
    settleMost: 3_000,
    /** All components of a loader; 1.7 MB take some seconds. */
    upload: 300_000,
    /** From the last packet to the loader's three ttys; guides allow 30 s. */
    reenumerate: 30_000,
  },
  loader: {
    /** Answer to an AT string of the loader. */
    at: 2_000,
    /** Answer to a short HDLC command: version, identify, ping, start. */
    command: 10_000,
    /** ACK of a block that fits into the loader's buffer. */
    block: 10_000,
    /** ACK of a block that makes the loader erase and write: buffer boundaries, last block, END. */
    slowBlock: 30_000,
    /** After a damaged answer: the right one may follow at once (noise in front of it). */
    afterDamage: 250,
    /** Pause between looks at a port where no bus tells of the return. */
    reopenPause: 1_000,
    /** Reset or mid-way restart: from the command to the return on the bus. */
    reenumerate: 60_000,
    /** An interrupted write is taken up this long: afterwards somebody else may have written through the same loader. */
    takeUp: 3_600_000,
  },
  at: {
    /** One try of the opening `AT`. */
    probe: 1_000,
    /**
     * The first `AT` on a port, which may be lost: asked again after this time. Shorter than `quiet`: an answer that comes
     * late is this much behind at most, and out of the way before the port counts as quiet.
     */
    glance: 250,
    /** A plain command: identity, settings. What takes longer says so in its entry (`at/commands/`). */
    command: 5_000,
    /** No byte of a reply for this long = the port is quiet (resynchronisation). */
    quiet: 300,
    /** No byte at all for this long = the rest of an unfinished line will not come. Shorter than a probe. */
    stalled: 500,
    /** From a complete reply to its OK, which some older firmware leaves out. */
    missingOk: 1_000,
    /** Resynchronisation as a whole. */
    resync: 10_000,
    /** After that a reply to an earlier command may still come, and is known by its prefix; later it is nobody's. */
    late: 180_000,
    /** From `AT^RESET` to the stick's return, and until its AT port answers. */
    reset: 60_000,
    ready: 30_000,
  },
  session: {
    /** A command that comes while the port is being opened waits this long for it, a busy SIM included. */
    connect: 45_000,
    /** Commands under way may end before the port is handed to a job. */
    finish: 2_000,
    /** Pause after a failed try to open the port; doubled each time, up to the second figure. */
    retry: 2_000,
    retryMax: 60_000,
    /** Off the bus for this long = somebody has pulled the stick; a mode switch takes 0.43 to 2.8 s. */
    replug: 4_000,
    /** In its new mode for this long = the automatic switch has worked. */
    settled: 30_000,
    /** Two notes of what a stick is at are no closer. */
    note: 10_000,
    /** A stick that does not say in this time who it is is not offered under its own names. */
    names: 10_000,
  },
  sim: {
    /** A SIM is busy for the first 10 to 30 s after power-on. */
    busy: 30_000,
    busyPause: 1_000,
    /** After the PIN: some firmware restarts when it is pressed earlier. */
    afterPin: 3_000,
  },
  health: {
    /** An idle stick is asked with `AT` after so much silence. */
    idle: 60_000,
    /** Its answer. */
    answer: 5_000,
    /** A stick that has not answered since it came may be starting: no step before this long. */
    patience: 30_000,
    /** Pause before a step. */
    pause: 2_000,
    /** Answer to a command of a step. */
    step: 15_000,
    /** From a restart to leaving the bus; 2.5 s seen. */
    leave: 10_000,
    /** Healthy for this long = the next silence begins with the gentle steps again. */
    steady: 600_000,
    /** After the last step the stick is left alone for this long; doubled each time, up to the second figure. */
    rest: 300_000,
    restMax: 3_600_000,
    /** A call rings each 3 to 6 s: after so much silence it is over, whether the stick says so or not. */
    ring: 12_000,
    /** Off the bus between the two halves of a re-authorisation. */
    unauthorized: 1_000,
  },
  status: {
    /** Two reads of a stick's status are no closer, however they come about. */
    soonest: 5_000,
    /** URCs come in groups: so long after the first one the status is read. */
    afterUrc: 1_000,
  },
  sms: {
    /** Safety net: a look into the store although no +CMTI has come. */
    poll: 60_000,
    /** Right after +CMTI a stick may still say that its store is empty; asked again after this time, a few times. */
    settle: 500,
    /** A look into the store that failed is repeated. */
    again: 5_000,
    /** A SIM that does not tell its IMSI is still starting; after this it is one that never does. */
    simStart: 30_000,
    /** Pause after a temporary refusal of the network; doubled each time, up to the second figure. */
    retry: 5_000,
    retryMax: 60_000,
    /** How long a message is tried. */
    patience: 300_000,
    /** Whoever leaves waits this long for the answer to a part: networks take seconds, a service manager kills after ten. */
    finish: 8_000,
    /** How long it may wait for its turn: an alarm of the day before helps nobody. */
    ttl: 86_400_000,
    /** Parts of one message are no further apart by their time stamps. */
    together: 3_600_000,
    /** How long a service centre tries to deliver what says nothing of that, and how late its report may be. */
    validity: 7 * 86_400_000,
    reportLate: 86_400_000,
    /** A report that comes within this is prompt: the stick was there all the time. */
    prompt: 600_000,
    /** Time on the way to the service centre, and what two clocks drift apart meanwhile. */
    clocksDiffer: 120_000,
    /** A report waits this long for its sender (a deploy, a restart) before it is anybody's. */
    owner: 60_000,
  },
  gateway: {
    /** A command other than an SMS may wait this long for the stick. */
    order: 300_000,
    /** An SMS where its sender says nothing. */
    ttl: 900_000,
    /** The broker has not confirmed an event: it is told again. */
    unconfirmed: 30_000,
    /** Where it confirms nothing at all the time between is doubled, up to this. */
    unconfirmedMost: 900_000,
    /** From the connection until what is retained of the name must have come. */
    claim: 2_000,
    /** Another gateway that has told of itself within this time is alive. */
    alive: 900_000,
    /** Who the gateway is is told again. */
    info: 300_000,
    /** Its health, and the figures at most this far apart, and at least. */
    health: 120_000,
    state: 120_000,
    soonest: 10_000,
    /** What is published must come back where it is subscribed to. */
    echo: 5_000,
    /** A connection that has ended is made again within this time; Node-RED waits 5 s by default. */
    again: 30_000,
    /** Home Assistant has started: all gateways of a fleet must not answer at once. */
    birth: 10_000,
    /** From the discovery to the figures, once more: Home Assistant subscribes to them first. */
    afterDiscovery: 2_000,
    /** What is told at the end. */
    close: 1_500,
    /** A long message is told without the parts that have not come: service centres try for a day or a few. */
    incomplete: 86_400_000,
  },
  ussd: {
    /** From OK to the network's answer. */
    answer: 60_000,
    /** A menu that nobody answers is left. */
    menu: 120_000,
  },
  hilink: {
    /** One answer of the web server; 30 to 150 ms seen. */
    answer: 30_000,
    /** Whoever is at an address that may be that of the stick says so, or is taken for nobody. */
    probe: 5_000,
    /** Its interface and its web server are awaited for so long after it came to the bus; its pages reckon with 50 s. */
    start: 60_000,
    /** A stick that nobody asks anything is asked whether it answers. */
    pulse: 60_000,
    /** While its web server is awaited it is asked again. */
    again: 2_000,
    /** A stick that leaves HiLink mode does not answer: guides wait for 3 s. */
    leave: 3_000,
    /** Where the stick asks the network first: a search, a registration. */
    slow: 240_000,
    /** A stick that is busy is asked again. */
    busy: 1_000,
    /** Some cut the first connection of a session; each further try waits so much longer. */
    cut: 100,
    /** Where the stick names no other time, a locked login is left alone for this long. */
    locked: 60_000,
    /** Nothing to do for this long: it logs out, so that its person can log in. */
    logout: 30_000,
    /** The logout at the end: a stick that is gone must not hold up whoever ends. */
    farewell: 5_000,
    /** Somebody else takes the session away again and again within this: it is left to him for as long. */
    rival: 300_000,
    /** Looks at what has become of an SMS, and how long; sending takes 2 to 6 s. */
    sending: 1_500,
    sent: 120_000,
    /** A stick that still sends another SMS; each further try waits a second longer. */
    sendBusy: 60_000,
    /** A long SMS whose text has not changed for this long has come whole; its parts may be half a minute apart. */
    whole: 30_000,
    /** Who answers is asked anew before a change after this long, in the same session. */
    sure: 30_000,
    /** A look of the session's own serves for a status that is asked for so shortly after it. */
    seen: 1_000,
    /** Where the counters of the inbox say that nothing is new, it is read all the same after this long. */
    reread: 600_000,
    /** Looks for the network's answer to USSD; the pages give up after two minutes. */
    ussd: 1_000,
    /** A setting is read back until it is there. */
    settle: 1_000,
    settled: 30_000,
  },
  /** An examination: the whole of it ends within 10 s, whatever does not answer. */
  doctor: {
    /** The first `AT` on a port, which may be lost, and each look whether a port babbles. */
    glance: 250,
    /** The second and third `AT`. */
    probe: 1_000,
    /** A question to a port that answers AT. */
    question: 1_500,
    /** The same to a web server. */
    webQuestion: 2_500,
    /** An answer that came late: how late they are. */
    late: 3_000,
    /** What takes longer is worth a word. */
    slow: 1_000,
    /** A web server that is not there is tried again for so long, with a pause. */
    web: 2_500,
    webPause: 250,
    /** All questions to one stick; sticks are asked side by side. */
    stick: 5_500,
    /** The machine, and the files of a folder. */
    machine: 2_000,
    files: 4_000,
    /** Whatever is not done in its time may still close what it has open. */
    grace: 2_000,
  },
  remote: {
    /** A program that serves virtual sticks answers at once, or not at all. */
    answer: 10_000,
    /** Pause before it is looked for again; doubled each time, up to the second figure. */
    retry: 250,
    retryMax: 5_000,
  },
  person: {
    /** How long a job waits for somebody to press the boot pin or to plug something in. */
    act: 600_000,
  },
} as const;
