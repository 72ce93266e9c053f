/**
 * Checks of what a model answered: whether it is what was asked for, and if not, what to tell the
 * model.
 */
@NullMarked
package dev.belay.llm.check;

import org.jspecify.annotations.NullMarked;
