/** {@code belay chaos}: searches for faults that break a system, and faults by hand. */
@NullMarked
package dev.belay.server.cli.chaos;

import org.jspecify.annotations.NullMarked;
