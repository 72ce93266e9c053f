/** The client of a fault executor: puts plans in force, and takes them back whatever happens. */
@NullMarked
package dev.belay.chaos.inject.client;

import org.jspecify.annotations.NullMarked;
