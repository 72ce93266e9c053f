/**
 * Carries plans out in this process: which task may start, who does it, what its failure means, and
 * how to go on after a crash.
 */
@NullMarked
package dev.belay.flow.run;

import org.jspecify.annotations.NullMarked;
