/** Measurements: speed and memory beside the peers, and stress tests of what threads share. */
@org.jspecify.annotations.NullMarked
package dev.belay.bench;
