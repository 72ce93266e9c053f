/** Calls that wait for a person: parked, listed, decided once, and taken up again. */
@NullMarked
package dev.belay.llm.review;

import org.jspecify.annotations.NullMarked;
