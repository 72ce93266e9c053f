/** Requests, answers and problems as JSON that can be kept and read again, without secrets. */
@NullMarked
package dev.belay.llm.form;

import org.jspecify.annotations.NullMarked;
