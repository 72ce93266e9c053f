/** Plans of faults in the words of other tools. */
@NullMarked
package dev.belay.chaos.export;

import org.jspecify.annotations.NullMarked;
