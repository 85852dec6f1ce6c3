namespace Sagitta.Tests.Tracking.Calorimeter;

public sealed class FrameTrainingTests
{
    private static readonly CalorimeterMethodOptions _published = new() { Name = CalorimeterMethodKind.PredictAndTrack, Lambda = 25 };

    [Fact]
    public void A_loss_divided_by_the_step_before_the_second_solve_moves_fewer_segments()
    {
        int divided = Moved(_published);
        int whole = Moved(_published with { ScaleBeforeSolving = false });
        Assert.True(4 * divided < whole, $"{divided} segments got a gradient with the loss divided, {whole} with the whole loss");
    }

    [Fact]
    public void Dividing_the_loss_before_the_second_solve_is_dividing_lambda() =>
        Assert.Equal(Moved(_published), Moved(_published with { Lambda = 25.0 / 32, ScaleBeforeSolving = false }));

    [Fact]
    public void A_scaled_lambda_does_not_see_the_division() =>
        Assert.Equal(
            Moved(_published with { Lambda = 0, LargestChange = 0.3 }),
            Moved(_published with { Lambda = 0, LargestChange = 0.3, ScaleBeforeSolving = false }));

    [Fact]
    public void A_margin_gives_a_gradient_where_the_assignment_is_right_already()
    {
        CalorimeterMethodOptions scaled = _published with { Lambda = 0, LargestChange = 0.5 };
        int without = Moved(scaled);
        int with = Moved(scaled with { Margin = 0.25 });
        Assert.True(with > without, $"{with} segments got a gradient with a margin, {without} without");
    }

    [Fact]
    public void Labels_name_every_setting_that_differs()
    {
        Assert.Equal("pat-25", CalorimeterTrainer.Name(_published));
        Assert.Equal("pat-25-whole-divided", CalorimeterTrainer.Name(
            _published with { ScaleBeforeSolving = false, DivideByLambda = true }));
        Assert.Equal("pat-25-unclipped-start-0.4", CalorimeterTrainer.Name(
            _published with { ClipAtZero = false, CrossEntropyStart = 0.4 }));
        Assert.Equal("pat-25-range-0.01", CalorimeterTrainer.Name(_published with { RangeWeight = 0.01 }));
        Assert.Equal("pat-25-range-0.01-clip-0", CalorimeterTrainer.Name(_published with { RangeWeight = 0.01, RangeClip = 0 }));
        Assert.Equal("pat-scaled-0.5-margin-0.25", CalorimeterTrainer.Name(
            new() { Name = CalorimeterMethodKind.PredictAndTrack, LargestChange = 0.5, Margin = 0.25 }));
    }

    [Fact]
    public void Dividing_by_lambda_changes_the_size_of_the_gradient_alone()
    {
        float[] published = Gradient(_published with { ScaleBeforeSolving = false });
        float[] divided = Gradient(_published with { ScaleBeforeSolving = false, DivideByLambda = true });
        float largest = published.Max(Math.Abs);
        Assert.True(largest > 0);
        for (int i = 0; i < published.Length; i++)
        {
            Assert.Equal(published[i], 25 * divided[i], 1e-4 * largest);
        }
    }

    [Fact]
    public void Validation_with_batch_statistics_moves_the_running_averages_and_nothing_else()
    {
        CalorimeterFrame frame = Frame();
        using CalorimeterModel model = Trained();
        float[] before = model.Parameters.Values.ToArray();
        using Sagitta.Core.Parallelism.WorkerThreads threads = new(1);
        using CalorimeterEvaluation evaluation = new(threads);
        FrameResult own = Assert.Single(evaluation.RunWithBatchStatistics(model, [frame]));
        Assert.True(own.ChosenTrue > 0);
        foreach (Parameter parameter in model.Network.Layout.Parameters)
        {
            bool moved = !before.AsSpan(parameter.Offset, parameter.Length).SequenceEqual(model.Parameters.Slice(parameter));
            Assert.Equal(!parameter.Trainable, moved);
        }
    }

    private static int Moved(CalorimeterMethodOptions method)
    {
        using CalorimeterModel model = Trained();
        using ParameterVector<float> gradient = new(model.Network.Layout);
        using FrameTraining training = new(method);
        training.Step(model, Frame(), gradient, model.Network.CreateMoments(), 1.0 / 32);
        return training.MovedSegments;
    }

    private static float[] Gradient(CalorimeterMethodOptions method)
    {
        using CalorimeterModel model = Trained();
        using ParameterVector<float> gradient = new(model.Network.Layout);
        using FrameTraining training = new(method);
        training.Step(model, Frame(), gradient, model.Network.CreateMoments(), 1.0 / 32);
        return gradient.Values.ToArray();
    }

    private static CalorimeterModel Trained()
    {
        CalorimeterModel model = new(new(), new(), 0);
        model.Parameters.Initialise(RandomKey.FromSeed(1));
        return model;
    }

    private static CalorimeterFrame Frame() =>
        HitPreparation.Events(CalorimeterDepositReader.Read(CalorimeterSource.File(new(), 200, "test"))).Frames(50, 1)[0];
}
