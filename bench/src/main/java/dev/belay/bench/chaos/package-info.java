/** Searches for faults beside each other, on a system whose defects are known. */
@NullMarked
package dev.belay.bench.chaos;

import org.jspecify.annotations.NullMarked;
