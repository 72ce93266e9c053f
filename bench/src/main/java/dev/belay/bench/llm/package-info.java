/** What calls to models cost beside a plain HTTP client. */
@org.jspecify.annotations.NullMarked
package dev.belay.bench.llm;
