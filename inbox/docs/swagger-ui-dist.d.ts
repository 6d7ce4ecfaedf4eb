/** What is used of the viewer, whose package has no types. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  /** Shows an API's description in an element. */
  export default function SwaggerUI(options: Record<string, unknown>): unknown;
}
