/** What follows when an answer does not stand: feedback, a tool, another model, a person. */
@NullMarked
package dev.belay.llm.correct;

import org.jspecify.annotations.NullMarked;
