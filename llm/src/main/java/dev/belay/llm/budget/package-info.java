/** What one call, and everything nested in it, may cost. */
@NullMarked
package dev.belay.llm.budget;

import org.jspecify.annotations.NullMarked;
