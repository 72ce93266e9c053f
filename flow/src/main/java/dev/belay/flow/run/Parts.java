package dev.belay.flow.run;

import dev.belay.Time;
import dev.belay.flow.journal.RunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What all runs of one engine share.
 *
 * @param patience how long a backend that fails for everybody is waited for
 */
record Parts(
    Time time,
    RandomGenerator random,
    RunStore store,
    Journal journal,
    Slots slots,
    Bell bell,
    Cooldowns cooldowns,
    Fleet fleet,
    ParityBreakers parity,
    RunFiles files,
    Path directory,
    Duration patience) {}
