/** Validators that ask a model what it thinks of an answer. */
@NullMarked
package dev.belay.llm.check.judge;

import org.jspecify.annotations.NullMarked;
