/** Benchmarks and stress tests. */
@org.jspecify.annotations.NullMarked
package dev.belay.bench;
