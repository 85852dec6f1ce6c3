namespace Sagitta.Learning.Schedules;

/// <summary>The same rate at every step.</summary>
/// <param name="Rate">That rate.</param>
internal sealed record ConstantRate(double Rate) : LearningRateSchedule
{
    /// <inheritdoc />
    public override double At(long step) => Rate;
}
