/**
 * Belay's own client of fault executors as a system to be searched: it applies a plan, observes,
 * and takes the plan back, through a fault proxy in front of the executor.
 */
@NullMarked
package dev.belay.examples.executor;

import org.jspecify.annotations.NullMarked;
