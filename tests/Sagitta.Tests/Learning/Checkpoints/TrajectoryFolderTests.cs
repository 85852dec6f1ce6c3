namespace Sagitta.Tests.Learning.Checkpoints;

public sealed class TrajectoryFolderTests
{
    [Fact]
    public void Steps_come_back_in_order()
    {
        using TemporaryFolder folder = new();
        ParameterLayout layout = new();
        layout.Add("weight", 2, 3, new Initialisation.Constant(0));
        using ParameterVector<float> parameters = new(layout);
        foreach (long step in (long[])[25, 0, 1000])
        {
            parameters.Values[0] = step;
            TrajectoryFolder.Save(folder.Name, step, parameters);
        }

        IReadOnlyList<(long Step, double[] Parameters)> steps = TrajectoryFolder.Read(folder.Name, layout);
        Assert.Equal([0, 25, 1000], steps.Select(s => s.Step));
        Assert.Equal([0.0, 25.0, 1000.0], steps.Select(s => s.Parameters[0]));
    }

    [Fact]
    public void A_run_without_trajectory_has_no_steps()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(TrajectoryFolder.Read(folder.Name, new()));
    }
}
