/** The shop as real processes under an agent, with Belay between them. */
@NullMarked
package dev.belay.bench.real;

import org.jspecify.annotations.NullMarked;
