/** What each provider's wire looks like: requests, answers, streams and errors, without any I/O. */
@NullMarked
package dev.belay.llm.provider;

import org.jspecify.annotations.NullMarked;
