/** A small JSON value, so that no library's tree shows in our API. */
@NullMarked
package dev.belay.llm.json;

import org.jspecify.annotations.NullMarked;
