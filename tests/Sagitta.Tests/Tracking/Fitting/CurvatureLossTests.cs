namespace Sagitta.Tests.Tracking.Fitting;

public sealed class CurvatureLossTests
{
    public static TheoryData<string> Functions => ["geman-mcclure", "cauchy"];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_agree_with_differences(string function) =>
        FiniteDifferences.Check(
            [[1, 0.01, 0.1004, 2, 0.02, -0.08, 3, 0.03, 0.5, 1, 1, 1]],
            [(4, 3)],
            [1e-5],
            (tape, x) => WeightedSum.Of([1], CurvatureLoss.Apply(
                x[0],
                [SolveStatus.Converged, SolveStatus.Converged, SolveStatus.Converged, SolveStatus.Singular],
                [0.1, -0.1, 0, 0.1],
                [1e-3, 2e-3, 1e-3, 1e-3],
                Function(function))));

    [Theory]
    [MemberData(nameof(Functions))]
    public void Robust_functions_begin_as_a_parabola_and_end_at_their_maximum(string name)
    {
        RobustFunction function = Function(name);
        Assert.Equal(0.5e-6, function.Value(1e-3), 1e-11);
        double previous = 0;
        for (double x = 0.1; x < 1e6; x *= 1.3)
        {
            double value = function.Value(x);
            Assert.True(value >= previous && value <= function.Maximum);
            Assert.Equal(value, function.Value(-x));
            Assert.Equal((function.Value(x * 1.0001) - function.Value(x * 0.9999)) / (x * 0.0002), function.Derivative(x), 1e-6);
            previous = value;
        }

        Assert.Equal(function.Maximum, function.Value(double.NaN));
        Assert.Equal(function.Maximum, function.Value(double.NegativeInfinity));
        Assert.Equal(0, function.Derivative(double.NaN));
    }

    [Fact]
    public void Tracks_statuses_truths_and_errors_must_be_one_an_event()
    {
        using Sagitta.Autodiff.Tensors.Tape<double> tape = new();
        RobustFunction.Cauchy function = new();
        SolveStatus[] status = [SolveStatus.Converged];
        Assert.Throws<ArgumentException>(() => CurvatureLoss.Apply(tape.Constant([1, 2], 1, 2), status, [1], [1], function));
        Assert.Throws<ArgumentException>(() => CurvatureLoss.Apply(tape.Constant([1, 2, 3], 1, 3), [], [1], [1], function));
        Assert.Throws<ArgumentException>(() => CurvatureLoss.Apply(tape.Constant([1, 2, 3], 1, 3), status, [], [1], function));
        Assert.Throws<ArgumentException>(() => CurvatureLoss.Apply(tape.Constant([1, 2, 3], 1, 3), status, [1], [], function));
    }

    [Fact]
    public void Robust_functions_have_the_values_of_their_formulas()
    {
        Assert.Equal(12.5 * 4 / 29, new RobustFunction.GemanMcClure().Value(2), 1e-12);
        Assert.Equal(12.5, new RobustFunction.GemanMcClure().Maximum);
        double most = 4.5 * Math.Log(1 + (1e6 / 9));
        double logarithm = 4.5 * Math.Log(1 + (4.0 / 9));
        Assert.Equal(most, new RobustFunction.Cauchy().Maximum, 1e-9);
        Assert.Equal(most * logarithm / (most + logarithm), new RobustFunction.Cauchy().Value(2), 1e-12);
    }

    [Fact]
    public void Events_without_a_muon_cost_nothing()
    {
        using Sagitta.Autodiff.Tensors.Tape<double> tape = new();
        Assert.Equal(0, CurvatureLoss.Apply(tape.Constant([1, 2, 3], 1, 3), [SolveStatus.Singular], [0], [1],
            new RobustFunction.Cauchy()).Values[0]);
    }

    private static RobustFunction Function(string name) => name == "cauchy" ? new RobustFunction.Cauchy()
        : new RobustFunction.GemanMcClure();
}
