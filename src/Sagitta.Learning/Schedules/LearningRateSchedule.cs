namespace Sagitta.Learning.Schedules;

/// <summary>The learning rate as a function of the step.</summary>
internal abstract record LearningRateSchedule
{
    /// <summary>The rate of a step; steps count from 0.</summary>
    public abstract double At(long step);
}
