/**
 * Transcripts against other rules: what other waits would have decided, and whether other checks
 * would have passed the answers. Asks nobody, and gives the same for the same seed.
 */
@NullMarked
package dev.belay.llm.transcript.replay;

import org.jspecify.annotations.NullMarked;
