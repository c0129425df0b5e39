/** What {@code gnomon bench} measures: experiments and pieces of the engine, each with its figures. Not an API. */
package dev.gnomon.bench;
