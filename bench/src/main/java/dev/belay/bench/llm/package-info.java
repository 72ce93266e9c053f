/**
 * What calls to models cost beside a plain HTTP client, and reports of what they do when it fails.
 */
@org.jspecify.annotations.NullMarked
package dev.belay.bench.llm;
