/** What is promised of the search for faults, measured: how quick, how exact, how safe. */
@NullMarked
package dev.belay.bench.limits;

import org.jspecify.annotations.NullMarked;
