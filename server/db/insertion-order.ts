/**
 * Breaks ties between rows of one millisecond by the order in which they were written: ids are random, and a list
 * that changes its order from one computer to the next looks as if something had happened. VACUUM may give new
 * row numbers but keeps their order (SQLite, "Rowid Tables").
 */
import { sql } from 'kysely';

export const INSERTION_ORDER = sql<number>`rowid`;
