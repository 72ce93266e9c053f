/** LLM calls that hold: what is asked, what comes back, and how it can fail. */
@NullMarked
package dev.belay.llm;

import org.jspecify.annotations.NullMarked;
