/** Roles whose word counts, as `GET collaborators/{user}/permission` names them; `maintain` is told as `write` there. */
const commanding = ['admin', 'maintain', 'write'];

/** True when a person with this effective permission may give commands: write and up. */
export function mayCommand(permission: string): boolean {
  return commanding.includes(permission);
}
