namespace Sagitta.Learning.Schedules;

/// <summary>The learning rate as a function of the step.</summary>
internal abstract record LearningRateSchedule
{
    /// <summary>The rate of a step; steps count from 0.</summary>
    public abstract double At(long step);
}

/// <summary>The same rate at every step.</summary>
/// <param name="Rate">That rate.</param>
internal sealed record ConstantRate(double Rate) : LearningRateSchedule
{
    public override double At(long step) => Rate;
}

/// <summary>
/// A straight rise to the peak over the first steps, then half a cosine down to the final rate (Loshchilov and Hutter,
/// arXiv:1608.03983, eq. 5, without restarts).
/// </summary>
/// <param name="Peak">Highest rate, first reached at step <paramref name="WarmUp"/>.</param>
/// <param name="WarmUp">Steps of the rise; step 0 has rate Peak / (WarmUp + 1), never 0.</param>
/// <param name="Total">Step from which the rate stays at its final value.</param>
/// <param name="Final">Final rate.</param>
internal sealed record WarmUpCosine(double Peak, long WarmUp, long Total, double Final = 0) : LearningRateSchedule
{
    public override double At(long step)
    {
        if (step < WarmUp)
        {
            return Peak * (step + 1) / (WarmUp + 1);
        }

        if (step >= Total)
        {
            return Final;
        }

        double progress = (double)(step - WarmUp) / (Total - WarmUp);
        return Final + ((Peak - Final) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
