/** How bad something is: scores of what was seen, and how much of it the system did by itself. */
@NullMarked
package dev.belay.chaos.score;

import org.jspecify.annotations.NullMarked;
