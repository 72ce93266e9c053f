/**
 * The shop as real processes: each service is a program of its own that speaks HTTP, in real time.
 * The services are those of the simulation; only what carries their calls is another.
 */
@NullMarked
package dev.belay.examples.shop.net;

import org.jspecify.annotations.NullMarked;
