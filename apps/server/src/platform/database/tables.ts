/**
 * Every table of the database, by name. Each feature's store adds its own:
 *
 *     declare module '../../platform/database/tables.ts' {
 *       interface Tables { study: StudyTable }
 *     }
 */
export interface Tables {
  migration: MigrationTable;
}

/** What was applied, when, and the checksum of its text. */
export interface MigrationTable {
  name: string;
  checksum: string;
  applied_at: Date;
}
