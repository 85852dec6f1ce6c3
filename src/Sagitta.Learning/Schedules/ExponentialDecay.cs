namespace Sagitta.Learning.Schedules;

/// <summary>A rate that falls by the same factor over each span of steps, smoothly.</summary>
/// <param name="Rate">The rate of step 0.</param>
/// <param name="Factor">What is left of it after <paramref name="Steps"/> steps, above 0.</param>
/// <param name="Steps">Length of the span.</param>
internal sealed record ExponentialDecay(double Rate, double Factor, double Steps) : LearningRateSchedule
{
    /// <inheritdoc />
    public override double At(long step) => Rate * Math.Pow(Factor, step / Steps);
}
