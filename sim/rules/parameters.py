"""The parameters of one replication: the scenario's numbers as the rules read them.

A field is named after its key in the scenario file: ``theatre_troops[k]`` is ``theatres.NAME.troops``, and
``talks_round_days`` is ``talks.round_days``. Dates are days since the start; a date that is not given is infinity.
The first word of a list's name says what it has one entry for: theatre, site, phase, mode of lift, working group, kind
of attack or suppression. Sites are numbered theatre by theatre in closing order: small sites as in the file, then hubs.

Names that begin with ``pressure`` are about domestic pressure. The pressure on the threat is in
``theatre_pressure_weight``.
"""

from dataclasses import dataclass

DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365.25

LINEAR = 0
FRONT_LOADED = 1
BACK_LOADED = 2
STEPPED = 3
SLOW_FAST_SLOW = 4

NOTHING = -1
"""Stands for "no milestone" where the number of a milestone is expected."""


@dataclass(slots=True)
class Parameters:
    """What does not change during a replication."""

    horizon: float
    deadline: float
    follow_up_days: float
    theatres: int
    sites: int
    phases: int
    modes: int  # of lift
    kinds: int
    suppressions: int
    groups: int
    milestones: int
    quarters: int
    quarter_end: list[float]

    # first process of each kind; of two processes due at the same time, the lower number acts first
    process_tension: int
    process_suppression: int
    process_attacks: int
    process_response: int
    process_talks: int
    process_group: int
    process_pressure: int
    process_phase: int
    process_closing: int
    process_lift: int
    process_threat: int
    process_follow_up: int
    processes: int

    has_tension: bool
    has_response: bool
    has_talks: bool
    has_pressure: bool
    has_threat: bool
    has_lift: bool
    has_cargo: bool

    theatre_troops: list[float]
    theatre_true_over_reported: list[float]
    theatre_attacks_per_day: list[float]
    theatre_attacks_trend_per_year: list[float]
    theatre_pressure_weight: list[float]
    theatre_adviser_weight: list[float]
    theatre_first_site: list[int]
    theatre_sites: list[int]
    site_theatre: list[int]
    site_weight: list[float]
    site_garrison: list[float]
    site_closing_days: list[float]
    site_closing_days_per_100: list[float]
    site_handover_on: list[float]
    site_target_weight: list[float]
    site_cargo_per_troop: list[float]
    site_visits: list[int]  # how many phases name it
    site_first_visit: list[int]  # into visit_phase and visit_place
    visit_phase: list[int]
    visit_place: list[int]  # the site's place in the closing order of that phase

    phase_theatre: list[int]
    phase_first_site: list[int]  # into phase_site
    phase_sites: list[int]
    phase_destinations: list[int]
    phase_site: list[int]  # sites in closing order, then those where its troops go
    phase_keep: list[float]  # for each of these, the troops that stay
    phase_keeps: list[bool]  # says what stays site by site
    phase_at_once: list[int]  # sites drained side by side; 0 for one after another
    phase_hands_over_at_start: list[bool]
    phase_start: list[float]  # -infinity if not given
    phase_after: list[int]
    phase_delay_days: list[float]
    phase_threat_at_most: list[float]
    phase_quiet_days: list[float]
    phase_target: list[float]
    phase_target_percent: list[float]
    phase_theatre_target: list[float]
    phase_reinforce: list[bool]
    phase_by: list[float]
    phase_over_days: list[float]
    phase_per_day: list[float]
    phase_per_week: list[float]
    phase_shape: list[int]
    phase_tranche_days: list[float]
    phase_steps: list[float]
    phase_hold_after_fatal_days: list[float]
    phase_hold_above_threat: list[float]
    phase_hold_when_suspended: list[bool]
    phase_hold_at_most_days: list[float]
    phase_shifts: list[bool]
    phase_faster_after: list[int]
    phase_faster_by: list[float]
    phase_cancel_after: list[int]
    phase_contingent: list[bool]  # begins only after an event that is not planned
    phase_first_move_share: list[float]
    phase_redatings: list[float]
    phase_redating_days: list[float]
    phase_early_share: list[float]
    phase_reversal_chance: list[float]
    phase_unevenness: list[float]
    phase_lag: list[float]

    mode_per_week: list[float]
    mode_load: list[float]
    mode_cargo_per_week: list[float]
    mode_cargo_load: list[float]
    mode_spread: list[float]
    mode_from: list[float]  # -infinity if not given
    mode_until: list[float]  # its last day
    mode_serves: list[bool]  # for each mode, one entry per theatre
    closing_crews: float
    closing_spread: float

    attacks_elasticity: float
    attacks_branching_ratio: float
    attacks_decay_days: float
    attacks_talks_progressing: float
    attacks_talks_stalled: float
    attacks_talks_suspended: float
    attacks_talks_broken: float
    attacks_after_demand: float
    attacks_timeline_kept: float
    attacks_timeline_slipping: float
    kind_weight: list[float]
    kind_gets_through: list[float]
    history: int
    history_theatre: list[int]
    history_from: list[float]
    history_to: list[float]
    history_attacks: list[float]

    tension_initial_high: bool
    tension_high_multiplier: float
    tension_mean_high_days: float
    tension_mean_low_days: float
    tension_switches: int
    tension_switch_at: list[float]
    tension_switch_high: list[bool]
    suppression_start: list[float]  # -infinity if not given
    suppression_start_after: list[int]
    suppression_end: list[float]
    suppression_end_after: list[int]
    suppression_mean_days: list[float]
    suppression_end_chance_per_day: list[float]
    suppression_needs_progress: list[bool]
    suppression_factor: list[float]
    suppression_covers: list[bool]  # for each suppression, one entry per theatre

    casualties_harm_chance: float
    casualties_fatal_chance: float
    casualties_severity_exponent: float
    casualties_wounded_mean: float
    casualties_wounded_per_death: float
    casualties_late_factor: float
    casualties_evacuated_share: float
    casualties_mass_casualty: float

    response_chance_after_attack: float
    response_chance_after_harm: float
    response_chance_after_fatal: float
    response_delay_days: float
    response_delay_spread: float
    response_drop: float
    response_drop_days: float
    response_rise: float
    response_rise_days: float
    response_chain_days: float

    talks_first_round: float
    talks_suspended_until: float  # -infinity if not given
    talks_round_days: float
    talks_round_spread: float
    talks_suspend_after_fatal: float
    talks_suspend_after_mass_casualty: float
    talks_suspension_days: float
    talks_suspension_spread: float
    talks_stall_after_days: float
    talks_breakdown_chance: float
    talks_principals_days: float
    talks_agreement_on: float
    group_work_days: list[float]
    group_work_spread: list[float]

    pressure_per_strike: float
    pressure_per_stalled_round: float
    pressure_review_days: float
    pressure_kept: float
    pressure_demand_chance: float
    pressure_demand_on: float

    threat_tick_days: float
    threat_persistence: float
    threat_noise: float
    threat_rests_today: float
    threat_rests_without: float
    threat_capability_elasticity: float
    threat_trend_per_year: float
    threat_distraction: float
    threat_resurgence: float
    capability_learning_per_year: float
    capability_ceiling: float
    capability_loss_per_year: float
    capability_floor: float

    cost_fixed_per_day: float
    cost_per_troop_year: float
    cost_per_troop_moved: float
    cost_per_site_closed: float

    presence_to_attacks: bool
    tension_to_attacks: bool
    contagion: bool
    talks_to_attacks: bool
    talks_to_suppressions: bool
    timeline_to_attacks: bool
    attacks_to_response: bool
    response_to_attacks: bool
    attacks_to_talks: bool
    response_to_pressure: bool
    stall_to_pressure: bool
    pressure_to_demand: bool
    attacks_to_drawdown: bool
    talks_to_drawdown: bool
    threat_to_drawdown: bool
    presence_to_threat: bool
    capability_to_threat: bool
    attacks_to_threat: bool
    presence_to_capability: bool
    plan_to_execution: bool
