package dev.belay.llm.call;

import dev.belay.Time;
import dev.belay.llm.delay.Gates;
import dev.belay.llm.transcript.Recorder;
import dev.belay.llm.transport.Limits;
import dev.belay.llm.transport.LlmTransport;
import java.util.random.RandomGenerator;

/**
 * What all routes of a client share.
 *
 * @param transport makes the attempts
 * @param limits of each attempt
 * @param gates what attempts pass
 * @param waits between them
 * @param recorder is told of all calls
 * @param random jitter and keys of requests
 * @param time the clock
 */
record Equipment(
    LlmTransport transport,
    Limits limits,
    Gates gates,
    Waits waits,
    Recorder recorder,
    RandomGenerator random,
    Time time) {}
