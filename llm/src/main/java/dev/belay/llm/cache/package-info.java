/** Answers that stood, kept for equal requests. */
@NullMarked
package dev.belay.llm.cache;

import org.jspecify.annotations.NullMarked;
