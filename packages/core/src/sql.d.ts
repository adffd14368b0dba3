/** SQL files are imported as text: one statement each. */
declare module "*.sql" {
  const statement: string;
  export default statement;
}
