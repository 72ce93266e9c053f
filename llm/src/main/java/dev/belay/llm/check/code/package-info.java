/** Checks whether source text is well formed. Knows nothing of answers and validators. */
@NullMarked
package dev.belay.llm.check.code;

import org.jspecify.annotations.NullMarked;
