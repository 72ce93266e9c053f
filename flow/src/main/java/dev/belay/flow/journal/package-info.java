/** What is remembered of runs, and where: a port, and a store in memory. */
@NullMarked
package dev.belay.flow.journal;

import org.jspecify.annotations.NullMarked;
