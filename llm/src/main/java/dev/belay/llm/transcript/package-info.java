/**
 * Calls written down as they happen, one file of JSON lines each, without secrets: {@link
 * dev.belay.llm.transcript.Recorder} is told, {@link dev.belay.llm.transcript.Transcripts} writes,
 * {@link dev.belay.llm.transcript.TranscriptFile} reads.
 */
@NullMarked
package dev.belay.llm.transcript;

import org.jspecify.annotations.NullMarked;
